/* Any bytes into the decoder of messages, and whatever it takes for one into the JSON of `sub`. */
#include "schemas/decode.h"
#include "tools/message_json.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    vw_decoder *decoder = vw_decoder_open();
    char topic[VW_TOPIC_SIZE + 1];
    vw_message message;

    if (vw_decode(decoder, data, size, topic, &message)) {
        json_t *object = vw_message_json(topic, &message, false);
        char *line = json_dumps(object, JSON_COMPACT);

        vw_check(line != NULL);
        free(line);
        json_decref(object);
    }
    vw_decoder_close(decoder);
    return 0;
}
