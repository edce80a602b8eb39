#include "core/base/clock.h"
#include "feeds/feed_state.h"

static void opened(void *self, uint32_t stream)
{
    vw_feed *feed = self;

    vw_link_opened(stream < VW_FEED_CHANNELS_MAX ? &feed->gaps[stream].link
                                                 : &feed->spins[stream - VW_FEED_CHANNELS_MAX].link,
                   feed->now_ns);
}

static size_t received(void *self, uint32_t stream, const unsigned char *bytes, size_t size)
{
    return stream < VW_FEED_CHANNELS_MAX
               ? vw_feed_gap_received(self, stream, bytes, size)
               : vw_feed_spin_received(self, stream - VW_FEED_CHANNELS_MAX, bytes, size);
}

static void ended(void *self, uint32_t stream)
{
    if (stream < VW_FEED_CHANNELS_MAX) {
        vw_feed_gap_lost(self, stream);
    } else {
        vw_feed_spin_failed(self, stream - VW_FEED_CHANNELS_MAX, true);
    }
}

vw_stream_sink vw_feed_stream_sink(vw_feed *feed)
{
    return (vw_stream_sink){feed, opened, received, ended};
}

void vw_feed_recovery_init(vw_feed *feed, const vw_streams *streams)
{
    feed->streams = *streams;
    for (size_t i = 0; i < feed->config.channel_count; i++) {
        vw_feed_gap_init(feed, i);
    }
    for (size_t i = 0; i < VW_FEED_SPINS_MAX; i++) {
        vw_feed_spin_init(feed, i);
    }
}

void vw_feed_recover(vw_feed *feed)
{
    if (feed->streams.connect == NULL ||
        (feed->now_ns - feed->recovered_ns < VW_NS_PER_MS && feed->recovered_ns != 0)) {
        return;
    }
    feed->recovered_ns = feed->now_ns;
    for (size_t i = 0; i < feed->config.channel_count; i++) {
        vw_feed_gap_recover(feed, i);
    }
    vw_feed_spin_recover(feed);
}
