// The command line of alexnet train: its options in groups, as --help shows them.
#include "options.hpp"

namespace program {

namespace {

void add_run(CLI::App* c, train_options& o) {
  c->add_option("--out", o.out, "Folder of the run: checkpoint, best weights, metrics")->required();
  CLI::Option* epochs = c->add_option("--epochs", o.epochs, "Epochs in all, resumed ones included")
                            ->check(within(some))
                            ->capture_default_str();
  c->add_option("--minutes", o.minutes, "Stop after so many minutes instead")
      ->check(positive())
      ->excludes(epochs);
  c->add_option("--seed", o.seed, "Of weights, shuffles and Dropout")->capture_default_str();
  c->add_option("--save-minutes", o.save_minutes, "Minutes between checkpoints in mid-epoch")
      ->check(positive())
      ->capture_default_str();
  c->add_flag("--live", o.live, "Write report.html at each epoch's end");
}

void add_start(CLI::App* c, train_options& o) {
  CLI::Option* from = c->add_option("--from", o.from, "Begin with the weights of this file");
  c->add_option("--except", o.except,
                "With --from: layers that begin anew, such as 20, the last; more than one if asked")
      ->needs(from);
  CLI::Option* resume =
      c->add_flag("--resume", o.resume, "Go on from --out's last.safetensors")->excludes(from);
  c->add_flag("--previous", o.previous,
              "With --resume: go back to previous.safetensors, kept from before a divergence")
      ->needs(resume);
  c->add_flag("--override", o.override_run, "Resume even with other options or data")
      ->needs(resume);
}

void add_images(CLI::App* c, train_options& o) {
  CLI::Option* const data = add_data(c, o.data);
  CLI::Option* const images =
      c->add_option(
           "--images", o.images,
           "Instead of them a folder that has a folder of JPEG or PNG files for each class")
          ->excludes(data);
  c->add_flag("--skip-broken", o.skip_broken, "Leave out files of --images that cannot be read")
      ->needs(images);
  c->add_option("--validation", o.validation,
                "So many are held out: the last, or of --images some of each class; default a "
                "twelfth")
      ->check(within(none_or_some));
  c->add_option("--limit", o.limit, "Only the first so many training images; 0: all")
      ->check(within(none_or_some))
      ->capture_default_str();
  add_pixels(c, o.pixels);
}

void add_augmentation(CLI::App* c, train_options& o) {
  c->add_option("--flip", o.augment.flip, "Probability that an image is mirrored")
      ->check(within(probabilities))
      ->capture_default_str();
  c->add_option(
       "--crop", o.augment.crop,
       "Train on random parts, resized, of at least this share of the area; 1: whole images "
       "(of --images any 224 x 224, the short side being 256)")
      ->check(within(areas))
      ->capture_default_str();
  c->add_option("--pca", o.augment.pca,
                "Of --images: colours are shifted along their components; 0.1 in the paper")
      ->check(within(shifts))
      ->capture_default_str();
  c->add_option("--erase", o.augment.erase, "Probability that a random rectangle is erased")
      ->check(within(probabilities))
      ->capture_default_str();
}

void add_optimizer(CLI::App* c, train_options& o) {
  c->add_option("--batch", o.batch, "Images a step")->check(within(batches))->capture_default_str();
  c->add_option("--micro-batch", o.micro_batch,
                "Images worked on at a time, to fit small memory; 0: the whole batch")
      ->check(within(none_or_some))
      ->capture_default_str();
  c->add_option("--momentum", o.momentum, "Momentum of SGD")
      ->check(within(momenta))
      ->capture_default_str();
  c->add_option("--weight-decay", o.weight_decay, "Weight decay of SGD")
      ->check(non_negative())
      ->capture_default_str();
  c->add_option("--label-smoothing", o.label_smoothing,
                "Share of each label that is given to all classes alike")
      ->check(within(smoothings))
      ->capture_default_str();
}

void add_schedule(CLI::App* c, train_options& o) {
  c->add_option("--lr", o.schedule.rate, "Learning rate at the start; one-cycle: the highest")
      ->check(positive())
      ->capture_default_str();
  o.schedule.kind = tnn::ScheduleKind::plateau;
  c->add_option("--schedule", o.schedule.kind,
                "plateau (by validation loss), step, constant; cosine or one-cycle, over --epochs; "
                "default plateau")
      ->transform(one_of(schedule_names))
      ->type_name("NAME");
  c->add_option("--factor", o.schedule.factor, "plateau, step: the rate is multiplied by it")
      ->check(within(factors))
      ->capture_default_str();
  c->add_option("--patience", o.schedule.patience, "plateau: epochs without progress let pass")
      ->check(within(none_or_some))
      ->capture_default_str();
  c->add_option("--threshold", o.schedule.threshold, "plateau: relative progress that counts")
      ->check(within(thresholds))
      ->capture_default_str();
  c->add_option("--step-epochs", o.schedule.every, "step: epochs between reductions")
      ->check(within(some))
      ->capture_default_str();
  c->add_option("--floor", o.schedule.floor, "The rate never goes below it")
      ->check(non_negative())
      ->capture_default_str();
  c->add_option("--warm-up", o.schedule.warm_up,
                "Steps in which the rate rises from a third; none of one-cycle")
      ->check(within(none_or_some))
      ->capture_default_str();
}

void add_machine(CLI::App* c, train_options& o) {
  add_device(c, o.device);
  add_precision(c, o.precision);
  add_threads(c, o.threads);
  c->add_option("--loader-threads", o.loader_threads,
                "Threads that read and change the next images meanwhile")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
}

}  // namespace

CLI::App* add_train(CLI::App& app, train_options& o) {
  CLI::App* c = app.add_subcommand("train", "Train from scratch, or go on with --resume");
  std::size_t grouped = 1;  // --help stands first, alone
  const auto group = [&](const char* name, void (*add)(CLI::App*, train_options&)) {
    add(c, o);
    const auto all = c->get_options();
    for (; grouped < all.size(); ++grouped) c->get_option(all[grouped]->get_name())->group(name);
  };
  group("The run, such as --out runs/first --epochs 20", add_run);
  group("What it begins with, such as --resume, or --from best.safetensors --except 20", add_start);
  group("Images, such as --images photos --validation 500", add_images);
  group("Random changes of images, such as --flip 0.5 --crop 0.6", add_augmentation);
  group("Loss and optimizer, such as --batch 64 --label-smoothing 0.1", add_optimizer);
  group("Learning rate, such as --lr 0.02 --schedule one-cycle", add_schedule);
  group("Machine, such as --device cuda --precision tf32", add_machine);
  c->footer(
      "The same options stand in a file, below a line [train]: `alexnet --config FILE train`.");
  return c;
}

}  // namespace program
