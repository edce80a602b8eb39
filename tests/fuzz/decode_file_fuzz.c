/* Any bytes as a file of the whole `decode` command: plain, gzip, zstd, pcap, pcapng, DBN. */
#include "tools/commands/commands.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    return freopen("/dev/null", "w", stdout) == NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64], command[] = "decode", option[] = "--protocol", protocol[] = "auto";
    char *arguments[] = {command, option, protocol, path, NULL};
    int file = memfd_create("input", 0);
    vw_error error = {""};

    vw_check(file >= 0 && write(file, data, size) == (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    vw_err err = vw_command_decode.run(&vw_command_decode, 4, arguments, &error);

    vw_check(err == VW_OK || err == VW_ERR_DATA);
    vw_check((err == VW_OK) == (error.text[0] == '\0'));
    close(file);
    return 0;
}
