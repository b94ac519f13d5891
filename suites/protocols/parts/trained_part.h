// SPDX-License-Identifier: Apache-2.0
// What of a network a dense protocol trains: all of it, or a head on a backbone that stays as it is.
#pragma once

#include <memory>
#include <string>

#include "methods/backbone.h"
#include "suites/ground/settings.h"

namespace sslbench {

// "trains": "all" or "head".
Option trained_part_option();

// The backbone as the option says: itself, or one in evaluation mode whose parameters are out of training's sight.
// UserError, which names the protocol, when all of a backbone is to be trained that takes no gradients.
std::unique_ptr<Backbone> trained_part(std::unique_ptr<Backbone> backbone, const Settings& settings,
                                       const std::string& protocol);

}  // namespace sslbench
