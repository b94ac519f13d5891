// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <memory>

#include <tiffio.h>

#include "datasets/pictures/image_file.h"
#include "datasets/pictures/other_pictures.h"
#include "datasets/readers/data_file.h"

namespace sslbench {
namespace {

constexpr uint64_t kMostSamples = 4 * static_cast<uint64_t>(kMaxImagePixels);

// A file in memory, and the first thing that libtiff said about it.
struct TiffStream {
  std::string_view bytes;
  uint64_t at = 0;
  char message[200]{};
};

tmsize_t read_some(thandle_t handle, void* out, tmsize_t count) {
  auto& stream = *static_cast<TiffStream*>(handle);
  const uint64_t left = stream.at < stream.bytes.size() ? stream.bytes.size() - stream.at : 0;
  const uint64_t taken = std::min(left, static_cast<uint64_t>(std::max<tmsize_t>(count, 0)));
  std::memcpy(out, stream.bytes.data() + (left > 0 ? stream.at : 0), taken);
  stream.at += taken;
  return static_cast<tmsize_t>(taken);
}

tmsize_t write_none(thandle_t, void*, tmsize_t) { return -1; }

toff_t seek(thandle_t handle, toff_t offset, int whence) {
  auto& stream = *static_cast<TiffStream*>(handle);
  const uint64_t from = whence == SEEK_CUR ? stream.at : whence == SEEK_END ? stream.bytes.size() : 0;
  return stream.at = from + offset;
}

int close_none(thandle_t) { return 0; }
toff_t size_of(thandle_t handle) { return static_cast<TiffStream*>(handle)->bytes.size(); }

int note(TIFF*, void* user, const char*, const char* format, va_list values) {
  auto& stream = *static_cast<TiffStream*>(user);
  if (stream.message[0] == '\0') std::vsnprintf(stream.message, sizeof stream.message, format, values);
  return 1;
}

int ignore(TIFF*, void*, const char*, const char*, va_list) { return 1; }

using TiffHandle = std::unique_ptr<TIFF, decltype(&TIFFClose)>;

TiffHandle open_tiff(TiffStream& stream, const std::filesystem::path& file) {
  const std::unique_ptr<TIFFOpenOptions, decltype(&TIFFOpenOptionsFree)> options(TIFFOpenOptionsAlloc(),
                                                                                 TIFFOpenOptionsFree);
  TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), tmsize_t{4} * kMaxImagePixels);
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), note, &stream);
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), ignore, nullptr);
  return {TIFFClientOpenExt(file.filename().c_str(), "rm", &stream, read_some, write_none, seek, close_none, size_of,
                            nullptr, nullptr, options.get()),
          TIFFClose};
}

// libtiff multiplies colours by an alpha that stands apart; told that it was done already, it leaves them as they are.
void keep_colours(TIFF* tiff) {
  uint16_t count = 0;
  uint16_t* kinds = nullptr;
  if (TIFFGetField(tiff, TIFFTAG_EXTRASAMPLES, &count, &kinds) != 1 || count == 0) return;
  std::vector<uint16_t> told(count, EXTRASAMPLE_ASSOCALPHA);
  TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, count, told.data());
}

}  // namespace

bool is_tiff(std::string_view bytes) {
  using namespace std::string_view_literals;
  return bytes.starts_with("II*\0"sv) || bytes.starts_with("MM\0*"sv) || bytes.starts_with("II+\0"sv) ||
         bytes.starts_with("MM\0+"sv);
}

Image decode_tiff(std::string_view bytes, const std::filesystem::path& file) {
  TiffStream stream{bytes};
  const TiffHandle tiff = open_tiff(stream, file);
  const auto refuse = [&](const char* otherwise) {
    throw_bad_data(file,
                   std::string("damaged or unfit TIFF: ") + (stream.message[0] != 0 ? stream.message : otherwise));
  };
  if (tiff == nullptr) refuse("no picture");
  uint32_t width = 0, height = 0;
  TIFFGetField(tiff.get(), TIFFTAG_IMAGEWIDTH, &width);
  TIFFGetField(tiff.get(), TIFFTAG_IMAGELENGTH, &height);
  const uint64_t pixels = uint64_t{width} * height;
  if (pixels == 0) refuse("a picture without pixels");
  if (pixels > static_cast<uint64_t>(kMaxImagePixels)) refuse("more pixels than a picture may have");
  // Every sample is decoded, and only four are looked at.
  uint16_t samples = 1;
  TIFFGetFieldDefaulted(tiff.get(), TIFFTAG_SAMPLESPERPIXEL, &samples);
  if (pixels * samples > kMostSamples) refuse("more samples than a picture may have");
  keep_colours(tiff.get());
  TIFFSetField(tiff.get(), TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);  // turned later, as every picture
  std::vector<uint32_t> raster(static_cast<size_t>(pixels));
  if (TIFFReadRGBAImageOriented(tiff.get(), width, height, raster.data(), ORIENTATION_TOPLEFT, /*stopOnError=*/1) !=
      1) {
    refuse("cannot be decoded");
  }
  Image out{static_cast<int32_t>(height), static_cast<int32_t>(width), std::vector<uint8_t>(raster.size() * 3)};
  uint8_t* to = out.pixels.data();
  for (const uint32_t p : raster) {
    *to++ = static_cast<uint8_t>(TIFFGetR(p));
    *to++ = static_cast<uint8_t>(TIFFGetG(p));
    *to++ = static_cast<uint8_t>(TIFFGetB(p));
  }
  return out;
}

}  // namespace sslbench
