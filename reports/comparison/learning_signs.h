// SPDX-License-Identifier: Apache-2.0
// What a row shows of having learnt nothing, each sign by itself: a single number (a loss, the spread of an embedding)
// can look healthy where the features are worth nothing.
#pragma once

#include "reports/comparison/comparison.h"

namespace sslbench {

// What an answer that ignores the image scores in this column on the row's images; undefined where it was not recorded.
double constant_answer(const Comparison& comparison, size_t column, size_t row);

// Whether the row's 95 % interval (its value, where it has none) lies beyond the constant answer, or none is known.
bool beats_constant_answer(const Comparison& comparison, size_t column, size_t row);

// The primary column against the floor's value; false where either is not known or the row is the floor.
bool is_not_above_floor(const Comparison& comparison, size_t row);

// Fills `signs` of every row and adds their marks; wants primary and floor.
void add_learning_signs(Comparison& comparison);

// What was looked at in the pretraining of a run, with numbers: "the loss ended at 2.73, where 5.54 is chance".
std::vector<std::string> learning_facts(const Record& record);

}  // namespace sslbench
