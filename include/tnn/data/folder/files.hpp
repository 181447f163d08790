#pragma once
// The files of a folder of images: a folder for each class, sorted as torchvision's ImageFolder
// sorts them, by folder and then by name. Links to folders are followed; one that leads back to a
// folder on its own way is not, so a loop ends.
#include <dirent.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tnn/core/error.hpp>
#include <tnn/files/posix_file.hpp>

namespace tnn::detail {

/// An image's file, as it was when its folder was read.
struct folder_file {
  std::string name;  // from the folder of all classes
  std::int32_t label;
  std::uint64_t size;
  std::int64_t modified;
};

/// Whether a name ends as an image's does, in letters of any case.
inline bool is_image_name(std::string_view name) {
  const auto ends_with = [&](std::string_view end) {
    return name.size() >= end.size() &&
           std::equal(end.begin(), end.end(), name.end() - std::ssize(end), [](char e, char n) {
             return e == (n >= 'A' && n <= 'Z' ? n - 'A' + 'a' : n);
           });
  };
  return ends_with(".jpg") || ends_with(".jpeg") || ends_with(".png");
}

/// Names in a folder, in the order of their bytes.
inline std::vector<std::string> names_in(const std::filesystem::path& folder) {
  const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(folder.c_str()), ::closedir);
  if (!open) throw_errno("open the folder", folder, errno);
  std::vector<std::string> names;
  for (;;) {
    errno = 0;
    const dirent* const entry = ::readdir(open.get());
    if (entry == nullptr) break;
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  if (errno != 0) throw_errno("read the folder", folder, errno);
  std::sort(names.begin(), names.end());
  return names;
}

/// What lies at the path, a link followed; false where nothing does.
inline bool look_at(const std::filesystem::path& path, struct stat& status) {
  return ::stat(path.c_str(), &status) == 0;
}

/// The names of the folders in it, one for each class; tnn::error where there are not two or more.
inline std::vector<std::string> class_folders(const std::filesystem::path& folder) {
  std::vector<std::string> classes;
  for (std::string& name : names_in(folder)) {
    struct stat status {};
    if (look_at(folder / name, status) && S_ISDIR(status.st_mode))
      classes.push_back(std::move(name));
  }
  if (classes.size() < 2)
    throw error("the folder " + printable_path(folder) + " has " +
                (classes.empty() ? "no folder" : "one folder") +
                " in it; expected one for each class, at least two, with images in them");
  return classes;
}

class folder_files {
 public:
  /// tnn::error where there are not two folders or more, each with an image.
  explicit folder_files(const std::filesystem::path& folder)
      : folder_(folder), classes_(class_folders(folder)) {
    for (const std::string& name : classes_) add_class(name);
  }

  std::vector<std::string> take_classes() { return std::move(classes_); }
  std::vector<folder_file> take_files() { return std::move(files_); }

 private:
  void add_class(const std::string& name) {
    const std::size_t before = files_.size();
    const auto label = static_cast<std::int32_t>(std::find(classes_.begin(), classes_.end(), name) -
                                                 classes_.begin());
    std::vector<std::string> folders;
    add_folders(name, folders);
    std::sort(folders.begin(), folders.end());
    for (const std::string& folder : folders) add_images(folder, label);
    if (files_.size() == before)
      throw error("the folder " + printable_path(folder_ / name) +
                  " has no image in it (.jpg, .jpeg, .png): add some, or remove the folder");
  }

  /// A folder and those in it, but for those that it lies in.
  void add_folders(const std::string& name, std::vector<std::string>& folders) {
    struct stat status {};
    const std::filesystem::path path = folder_ / name;
    if (!look_at(path, status)) throw_errno("examine", path, errno);
    const std::pair<dev_t, ino_t> here{status.st_dev, status.st_ino};
    if (std::find(way_.begin(), way_.end(), here) != way_.end()) return;
    way_.push_back(here);
    folders.push_back(name);
    for (const std::string& inner : names_in(path))
      if (look_at(path / inner, status) && S_ISDIR(status.st_mode))
        add_folders(name + '/' + inner, folders);
    way_.pop_back();
  }

  void add_images(const std::string& folder, std::int32_t label) {
    for (const std::string& name : names_in(folder_ / folder)) {
      if (!is_image_name(name)) continue;
      struct stat status {};
      const std::filesystem::path path = folder_ / folder / name;
      if (!look_at(path, status)) throw_errno("examine", path, errno);
      if (S_ISDIR(status.st_mode)) continue;
      if (!S_ISREG(status.st_mode))
        throw error("cannot read " + printable_path(path) +
                    ": it is not a regular file; remove it from the images");
      files_.push_back({folder + '/' + name, label, static_cast<std::uint64_t>(status.st_size),
                        input_file::modified(status)});
    }
  }

  const std::filesystem::path& folder_;
  std::vector<std::string> classes_;
  std::vector<folder_file> files_;
  std::vector<std::pair<dev_t, ino_t>> way_;  // folders that the one being read lies in
};

}  // namespace tnn::detail
