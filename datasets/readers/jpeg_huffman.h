// SPDX-License-Identifier: Apache-2.0
// Baseline Huffman decoding in place of libjpeg's, which spends most of its time on it: one table look-up gives run and
// value of a coefficient, and bytes are taken eight at a time. The coefficients are the same.
#pragma once

#include <cstddef>
#include <cstdio>

#include <jpeglib.h>

namespace sslbench {

// Takes over the entropy decoding of `info`, on which jpeg_start_decompress() has just returned and whose source is the
// whole file in memory; false when the file is of a kind that libjpeg decodes alone (progressive, arithmetic coding,
// restart markers). A thread decodes one such picture at a time. `give_up` is called when the data is out of the
// ordinary; it must not return, and the picture must then be decoded anew without this, so that libjpeg judges it.
bool take_over_huffman(jpeg_decompress_struct& info, void (*give_up)(j_decompress_ptr));

}  // namespace sslbench
