/* A main for the fuzz targets where libFuzzer is not: each argument is a file with one input;
 * without one, standard input is.  AFL++ takes it so, see tools/fuzz. */
#include "core/base/base.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv);

enum { INPUT_MAX = 1 << 20 };

static void run(FILE *file)
{
    uint8_t *data = malloc(INPUT_MAX);

    vw_check(data != NULL);
    size_t size = fread(data, 1, INPUT_MAX, file);
    uint8_t *exact = malloc(size > 0 ? size : 1); /* what reads beyond the end shall be seen to */

    vw_check(exact != NULL);
    for (size_t i = 0; i < size; i++) {
        exact[i] = data[i];
    }
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    free(data);
}

int main(int argc, char **argv)
{
    if (LLVMFuzzerInitialize != NULL) {
        LLVMFuzzerInitialize(&argc, &argv);
    }
    if (argc < 2) {
        run(stdin);
    }
    for (int i = 1; i < argc; i++) {
        FILE *file = fopen(argv[i], "rb");

        if (file == NULL) {
            perror(argv[i]);
            return 1;
        }
        run(file);
        fclose(file);
    }
    return 0;
}
