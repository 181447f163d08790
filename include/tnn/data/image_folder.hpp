#pragma once
// A folder of images: in it a folder for each class, in those JPEG and PNG files of any size, as
// torchvision's ImageFolder has them. Images are decoded when they are asked for, so that a data
// set need not fit in memory:
//   Transformed data{ImageFolder{"flowers"}, RandomResizedCrop<224>{}, RandomHorizontalFlip{}};
// Any number of threads may read at a time. A file that is broken, or has changed since the folder
// was read, stops who asks for it; without_broken() finds them beforehand. Link tnn::images.
#include <zlib.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <limits>
#include <memory>
#include <mutex>
#include <numeric>
#include <span>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <tnn/core/error.hpp>
#include <tnn/data/folder/files.hpp>
#include <tnn/data/folder/held_out.hpp>
#include <tnn/data/image_file.hpp>
#include <tnn/data/sliceable.hpp>
#include <tnn/data/source.hpp>

namespace tnn {

struct ImageFolderOptions {
  int channels = 3;             ///< 1: all become grey; 3: all become colour
  bool decode_in_full = false;  ///< never at 1/2, 1/4 or 1/8: slower, exactly torchvision's values
  bool check_headers = false;   ///< read each file's header at once: tnn::error for one that is bad
};

/// An image that cannot be read.
struct BrokenImage {
  std::filesystem::path path;
  std::string why;
};

enum class ImageCheck { headers, pixels };

class ImageFolder : public detail::sliceable<ImageFolder> {
 public:
  using target = std::int32_t;

  /// Reads the names alone. tnn::error unless there are two folders or more, each with an image;
  /// files whose names end in other than .jpg, .jpeg or .png are not looked at.
  explicit ImageFolder(std::filesystem::path folder, ImageFolderOptions options = {}) {
    if (options.channels != 1 && options.channels != 3)
      throw error("a folder's images were asked for with " + std::to_string(options.channels) +
                  " channels; expected 1, grey, or 3, colour");
    detail::folder_files found(folder);
    auto files = found.take_files();
    if (files.size() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()))
      throw error("the folder " + detail::printable_path(folder) + " has " +
                  std::to_string(files.size()) + " images, more than an int's worth");
    std::vector<std::int32_t> all(files.size());
    std::iota(all.begin(), all.end(), 0);
    held_ = std::make_shared<const held>(
        held{std::move(folder), options, found.take_classes(), std::move(files)});
    choose(std::move(all));
    if (options.check_headers)
      for (std::int64_t i = 0; i < size(); ++i) static_cast<void>(header(i));
  }

  [[nodiscard]] int channels() const { return held_->options.channels; }
  [[nodiscard]] int classes() const { return static_cast<int>(held_->class_names.size()); }
  /// The folders' names, in the order of their bytes; the labels are their numbers.
  [[nodiscard]] std::span<const std::string> class_names() const { return held_->class_names; }
  [[nodiscard]] std::int32_t label(std::int64_t i) const { return file(i).label; }
  [[nodiscard]] std::filesystem::path path(std::int64_t i) const {
    return held_->folder / file(i).name;
  }
  [[nodiscard]] ImageHeader header(std::int64_t i) const {
    return detail::header_reader(open(i)).read();
  }

  /// What the view that choose(height, width) gives shows of image i, in [0, 1].
  template <std::floating_point T, class Choose>
  requires std::is_invocable_r_v<ImageView, const Choose&, int, int>
  [[nodiscard]] Image<T> image(std::int64_t i, const Choose& choose_view) const {
    return detail::read_view<T>(open(i), channels(), held_->options.decode_in_full, choose_view);
  }

  /// Two parts, to train on and to hold out: `held_out` images, or such a share of all, of every
  /// class in proportion, at least one of each that has two or more. The seed decides which.
  [[nodiscard]] std::pair<ImageFolder, ImageFolder> split(std::integral auto held_out,
                                                          std::uint64_t seed) const {
    std::vector<std::int32_t> labels, part[2];
    for (std::int64_t i = 0; i < size(); ++i) labels.push_back(label(i));
    const std::vector<bool> out =
        detail::draw_held_out(labels, classes(), static_cast<std::int64_t>(held_out), seed);
    for (std::size_t i = 0; i < out.size(); ++i)
      part[out[i]].push_back((*chosen_)[place(static_cast<std::int64_t>(i))]);
    return {of(std::move(part[0])), of(std::move(part[1]))};
  }
  [[nodiscard]] std::pair<ImageFolder, ImageFolder> split(std::floating_point auto share,
                                                          std::uint64_t seed) const {
    if (!(share > 0 && share < 1))
      throw error("a share of " + std::to_string(share) +
                  " of the images was to be held out; expected between 0 and 1");
    std::vector<std::int64_t> sizes(held_->class_names.size());
    for (std::int64_t i = 0; i < size(); ++i) ++sizes[static_cast<std::size_t>(label(i))];
    const auto [least, most] = detail::held_out_range(sizes);
    const auto count = std::llround(static_cast<double>(share) * static_cast<double>(size()));
    return split(std::clamp<std::int64_t>(count, least, most), seed);
  }

  struct Checked;
  /// Reads every image once, on so many threads, and leaves out those that cannot be read; with
  /// ImageCheck::headers what the headers tell is enough. tnn::error where a class has none left.
  [[nodiscard]] Checked without_broken(int threads = 1,
                                       ImageCheck check = ImageCheck::pixels) const;

  /// CRC-32 of the classes' names, and of each file's name and size: whether two runs have the same
  /// files.
  [[nodiscard]] std::uint32_t names_checksum() const {
    uLong crc = 0;
    const auto take = [&](const std::string& text) {  // with the 0 that ends it
      crc = crc32_z(crc, reinterpret_cast<const Bytef*>(text.c_str()), text.size() + 1);
    };
    for (const std::string& name : class_names()) take(name);
    for (std::int64_t i = 0; i < size(); ++i) {
      take(file(i).name);
      take(std::to_string(file(i).size));
    }
    return static_cast<std::uint32_t>(crc);
  }

 private:
  struct held {
    std::filesystem::path folder;
    ImageFolderOptions options;
    std::vector<std::string> class_names;
    std::vector<detail::folder_file> files;
  };

  [[nodiscard]] const detail::folder_file& file(std::int64_t i) const {
    return held_->files[static_cast<std::size_t>((*chosen_)[place(i)])];
  }
  void choose(std::vector<std::int32_t> files) {
    this->whole(std::ssize(files));
    chosen_ = std::make_shared<const std::vector<std::int32_t>>(std::move(files));
  }
  /// The same folder, of which these files alone are looked at.
  [[nodiscard]] ImageFolder of(std::vector<std::int32_t> files) const {
    ImageFolder part = *this;
    part.choose(std::move(files));
    return part;
  }
  [[nodiscard]] detail::input_file open(std::int64_t i) const {
    const std::filesystem::path name = path(i);
    detail::input_file opened(name);
    if (opened.size() != file(i).size || opened.modified() != file(i).modified)
      detail::refuse_image(name,
                           "it has changed since its folder was read; make the ImageFolder anew");
    return opened;
  }

  std::shared_ptr<const held> held_;
  std::shared_ptr<const std::vector<std::int32_t>> chosen_;
};

/// The images that can be read, and those that cannot.
struct ImageFolder::Checked {
  ImageFolder images;
  std::vector<BrokenImage> broken;
};

inline ImageFolder::Checked ImageFolder::without_broken(int threads, ImageCheck check) const {
  if (threads < 1)
    throw error("images were to be checked on " + std::to_string(threads) +
                " threads; expected at least 1");
  std::vector<std::string> why(static_cast<std::size_t>(size()));
  std::atomic<std::int64_t> next = 0;
  std::mutex mutex;
  std::exception_ptr failure;
  const auto work = [&] {
    try {
      for (std::int64_t i = next++; i < size(); i = next++) try {
          const detail::input_file opened = open(i);
          const ImageHeader found = detail::header_reader(opened).read();
          if (check == ImageCheck::pixels)
            detail::decode_part(opened, found, 1, {0, 0, found.height, found.width}, channels());
        } catch (const error& broken) {
          why[static_cast<std::size_t>(i)] = broken.what();
        }
    } catch (...) {  // memory
      const std::lock_guard lock(mutex);
      failure = std::current_exception();
      next = size();
    }
  };
  {
    std::vector<std::jthread> others;
    try {
      for (int t = 1; t < threads; ++t) others.emplace_back(work);
    } catch (const std::system_error&) {  // fewer threads will do
    }
    work();
  }
  if (failure) std::rethrow_exception(failure);

  std::vector<std::int32_t> whole;
  std::vector<BrokenImage> broken;
  std::vector<int> left(held_->class_names.size()), lost = left;
  for (std::int64_t i = 0; i < size(); ++i) {
    const std::string& text = why[static_cast<std::size_t>(i)];
    ++(text.empty() ? left : lost)[static_cast<std::size_t>(label(i))];
    if (text.empty())
      whole.push_back((*chosen_)[place(i)]);
    else
      broken.push_back({path(i), text});
  }
  for (std::size_t c = 0; c < left.size(); ++c)
    if (left[c] == 0 && lost[c] > 0)
      throw error("no image of the class " + detail::printable(held_->class_names[c]) +
                  " can be read; the first that is broken of all: " + broken.front().why);
  return {of(std::move(whole)), std::move(broken)};
}

}  // namespace tnn
