// A team of threads of its own: they may wait for one another, which the pool's, whom loops within stages need, may not.
#include "src/base/parallel_pipeline.h"

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <list>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "src/base/parallel.h"

namespace tok {
namespace {

class Pipeline {
 public:
  Pipeline(unsigned n_threads, size_t max_in_flight,
           const std::function<std::unique_ptr<PipelineItem>()>& produce,
           const std::vector<PipelineStage>& stages)
      : max_in_flight_(max_in_flight),
        produce_(produce),
        stages_(stages),
        n_passed_(stages.size(), 0),
        n_most_helpers_(n_threads - 1) {}

  void Run() {
    {
      std::unique_lock<std::mutex> lock(mutex_);
      Work(&lock);
    }
    for (std::thread& helper : helpers_) helper.join();  // none is added any more
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  struct Traveller {
    std::unique_ptr<PipelineItem> item;
    uint64_t number;
    size_t stage = 0;  // that it comes to, or is in
    bool is_in_stage = false;
  };
  using Place = std::list<Traveller>::iterator;

  void Work(std::unique_lock<std::mutex>* lock) {
    while (!IsOver()) {
      try {
        if (const Place ready = FindReady(); ready != travellers_.end()) {
          Advance(ready, lock);
        } else if (MayProduce()) {
          Produce(lock);
        } else {
          ++n_idle_;
          changed_.wait(*lock);
          --n_idle_;
        }
      } catch (...) {
        if (!lock->owns_lock()) lock->lock();
        if (!failure_) failure_ = std::current_exception();
        changed_.notify_all();
      }
    }
  }

  bool IsOver() const { return failure_ != nullptr || (has_ended_ && travellers_.empty()); }

  // Before a thread sets to work: what it leaves, another does.
  void CallHelper() {
    if (n_idle_ > 0 || helpers_.size() >= n_most_helpers_) return;
    if (!MayProduce() && FindReady() == travellers_.end()) return;
    try {
      helpers_.emplace_back([this] {
        std::unique_lock<std::mutex> lock(mutex_);
        --n_idle_;
        Work(&lock);
      });
      ++n_idle_;
    } catch (const std::system_error&) {
      n_most_helpers_ = helpers_.size();  // the system has no more threads: those that there are will do
    }
  }

  // The oldest that can go on.
  Place FindReady() {
    Place place = travellers_.begin();
    while (place != travellers_.end() && !IsReady(*place)) ++place;
    return place;
  }
  bool IsReady(const Traveller& traveller) const {
    if (traveller.is_in_stage) return false;
    return stages_[traveller.stage].kind == PipelineStage::Kind::kParallel ||
           n_passed_[traveller.stage] == traveller.number;
  }

  void Advance(Place place, std::unique_lock<std::mutex>* lock) {
    const size_t stage = place->stage;
    place->is_in_stage = true;
    CallHelper();
    lock->unlock();
    stages_[stage].run(place->item.get());
    const bool is_last = stage + 1 == stages_.size();
    if (is_last) place->item.reset();
    lock->lock();
    ++n_passed_[stage];
    place->is_in_stage = false;
    ++place->stage;
    if (is_last) travellers_.erase(place);
    changed_.notify_all();
  }

  bool MayProduce() const { return !is_producing_ && !has_ended_ && travellers_.size() < max_in_flight_; }

  void Produce(std::unique_lock<std::mutex>* lock) {
    is_producing_ = true;
    CallHelper();
    lock->unlock();
    std::unique_ptr<PipelineItem> item = produce_();
    lock->lock();
    is_producing_ = false;
    has_ended_ = item == nullptr;
    if (!has_ended_) travellers_.push_back({std::move(item), n_produced_++});
    changed_.notify_all();
  }

  const size_t max_in_flight_;
  const std::function<std::unique_ptr<PipelineItem>()>& produce_;
  const std::vector<PipelineStage>& stages_;

  std::mutex mutex_;  // of all that follows
  std::condition_variable changed_;
  std::list<Traveller> travellers_;  // in the order they came
  std::vector<uint64_t> n_passed_;   // of each stage
  uint64_t n_produced_ = 0;
  bool is_producing_ = false, has_ended_ = false;
  std::exception_ptr failure_;
  std::vector<std::thread> helpers_;
  size_t n_most_helpers_;
  size_t n_idle_ = 0;  // threads that wait for a change, or have just been started
};

void RunOnCaller(const std::function<std::unique_ptr<PipelineItem>()>& produce,
                 const std::vector<PipelineStage>& stages) {
  while (const std::unique_ptr<PipelineItem> item = produce()) {
    for (const PipelineStage& stage : stages) stage.run(item.get());
  }
}

}  // namespace

void RunPipeline(unsigned n_threads, size_t max_in_flight,
                 const std::function<std::unique_ptr<PipelineItem>()>& produce,
                 const std::vector<PipelineStage>& stages) {
  n_threads = ThreadsFor(max_in_flight, n_threads);
  if (n_threads <= 1) return RunOnCaller(produce, stages);
  Pipeline(n_threads, max_in_flight, produce, stages).Run();
}

}  // namespace tok
