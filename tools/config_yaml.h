/* config_yaml.h: a YAML file as libyaml's document, and the way to a node in it.
 *
 * Paths    "channels[0].port", as in config_map.h, with indices.
 * Memory   the document is libyaml's until vw_yaml_close; at most 1 MiB of file.
 * Errors   VW_ERR_DATA: the file cannot be read; VW_ERR_CONFIG: it is no YAML, or several. */
#ifndef VW_TOOLS_CONFIG_YAML_H
#define VW_TOOLS_CONFIG_YAML_H

#include "core/base/error.h"

#include <yaml.h>

typedef struct vw_yaml {
    yaml_document_t document;
    bool open; /* false also for an empty file */
} vw_yaml;

/* vw_yaml_read reads a file ("-": standard input); vw_yaml_parse a text that is called name. */
vw_err vw_yaml_read(const char *file, vw_yaml *yaml, vw_error *error);
vw_err vw_yaml_parse(const char *name, const char *text, size_t size, vw_yaml *yaml,
                     vw_error *error);
void vw_yaml_close(vw_yaml *yaml);

/* vw_yaml_find returns the node at path ("": the root), or NULL. */
yaml_node_t *vw_yaml_find(const vw_yaml *yaml, const char *path);

/* vw_yaml_pair returns the index-th key and value of a mapping, false beyond the last;
 * vw_yaml_element the index-th node of a sequence, or NULL; vw_yaml_length how many. */
bool vw_yaml_pair(const vw_yaml *yaml, const yaml_node_t *mapping, size_t index, yaml_node_t **key,
                  yaml_node_t **value);
yaml_node_t *vw_yaml_element(const vw_yaml *yaml, const yaml_node_t *sequence, size_t index);
size_t vw_yaml_length(const yaml_node_t *sequence);

/* vw_yaml_text returns the text of a scalar node. */
const char *vw_yaml_text(const yaml_node_t *scalar);

#endif
