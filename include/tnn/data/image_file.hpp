#pragma once
// Images from JPEG and PNG files of any size, grey or colour, into planes of bytes. Part of a JPEG
// that is wanted much smaller is decoded at 1/2, 1/4 or 1/8 of its size, in down to a third of the
// time; the values then differ by some 0.003 from those of decoding it in full. How a camera was
// held (EXIF) is not looked at, as in torchvision. Link tnn::images; errors name the file.
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <tnn/core/error.hpp>
#include <tnn/core/integers.hpp>
#include <tnn/data/decode/jpeg.hpp>
#include <tnn/data/decode/png.hpp>
#include <tnn/data/image.hpp>
#include <tnn/data/image_header.hpp>

namespace tnn {

namespace detail {

/// A part of the image at 1 / scale of its size, in pixels of that size; PNG has scale 1 alone.
inline Image<std::uint8_t> decode_part(const input_file& file, const ImageHeader& header, int scale,
                                       const part_of_image& part, int channels) {
  if (channels != 1 && channels != 3)
    throw error("an image was asked for with " + std::to_string(channels) +
                " channels; expected 1, grey, or 3, colour");
  std::vector<std::uint8_t> bytes(file.size());
  file.read(0, std::as_writable_bytes(std::span(bytes)));
  if (header.kind == ImageKind::png)
    return png_decoder(file.path(), bytes, header).read(part, channels);
  return jpeg_decoder(file.path(), bytes, header).read(scale, part, channels);
}

/// The largest of 1, 2, 4, 8 by which the view's part may be divided and have no fewer pixels than
/// it becomes.
inline int decoding_scale(const ImageHeader& header, const ImageView& view) {
  int scale = 1;
  if (header.kind == ImageKind::jpeg)
    while (scale < 8 && view.height >= 2 * std::int64_t{scale} * view.to_height &&
           view.width >= 2 * std::int64_t{scale} * view.to_width)
      scale *= 2;
  return scale;
}

/// Bytes as values in [0, 1].
template <class T>
Image<T> as_values(const Image<std::uint8_t>& bytes) {
  Image<T> image{bytes.channels, bytes.height, bytes.width, {}};
  image.values.resize(bytes.values.size());
  for (std::size_t i = 0; i < bytes.values.size(); ++i)
    image.values[i] = static_cast<T>(bytes.values[i]) * (T{1} / 255);
  return image;
}

/// What choose(height, width), a view, shows of the file's image.
template <std::floating_point T, class Choose>
Image<T> read_view(const input_file& file, int channels, bool in_full, const Choose& choose) {
  const ImageHeader header = header_reader(file).read();
  const ImageView view = [&] {
    try {
      return choose(header.height, header.width);
    } catch (const error& refusal) {
      refuse_image(file.path(), refusal.what());
    }
  }();
  const auto fits = [](std::int64_t height, std::int64_t width) {
    return height >= 1 && width >= 1 && height <= most_image_pixels / width;
  };
  if (!fits(view.height, view.width) || !fits(view.to_height, view.to_width))
    refuse_image(file.path(), "a part of " + std::to_string(view.height) + " x " +
                                  std::to_string(view.width) + " was asked for, as " +
                                  std::to_string(view.to_height) + " x " +
                                  std::to_string(view.to_width) + "; expected 1 to " +
                                  std::to_string(most_image_pixels) + " pixels");
  if (view.top < 0 || view.left < 0 || view.top > header.height - view.height ||
      view.left > header.width - view.width) {  // it goes past the edge
    Image<T> image =
        as_values<T>(decode_part(file, header, 1, {0, 0, header.height, header.width}, channels));
    show(image, view);
    return image;
  }
  const int scale = in_full ? 1 : decoding_scale(header, view);
  const int top = view.top / scale, left = view.left / scale;
  const part_of_image part{top, left, ceil_div(view.top + view.height, scale) - top,
                           ceil_div(view.left + view.width, scale) - left};
  const Image<std::uint8_t> bytes = decode_part(file, header, scale, part, channels);
  if (scale == 1 && view.height == view.to_height && view.width == view.to_width)
    return as_values<T>(bytes);
  const auto scaled = [&](int pixels) { return double(pixels) / scale; };
  return resized_part(
      bytes,
      {scaled(view.top) - top, scaled(view.left) - left, scaled(view.height), scaled(view.width)},
      view.to_height, view.to_width, T{1} / 255);
}

}  // namespace detail

/// The image in colour (3 channels, red first) or in grey (1), whatever the file has: colour
/// becomes grey by Rec. 601's luma, alpha is dropped. tnn::error for a file that is missing, of
/// another kind, damaged, or has over most_image_pixels; for CMYK, and for 16 bits a channel.
[[nodiscard]] inline Image<std::uint8_t> read_image(const std::filesystem::path& path,
                                                    int channels = 3) {
  const detail::input_file file(path);
  const ImageHeader header = detail::header_reader(file).read();
  return detail::decode_part(file, header, 1, {0, 0, header.height, header.width}, channels);
}

/// What a view shows of the image, in [0, 1]. `in_full`: a JPEG is decoded at its whole size.
template <std::floating_point T>
[[nodiscard]] Image<T> read_image(const std::filesystem::path& path, const ImageView& view,
                                  int channels = 3, bool in_full = false) {
  const detail::input_file file(path);
  return detail::read_view<T>(file, channels, in_full, [&](int, int) { return view; });
}

}  // namespace tnn
