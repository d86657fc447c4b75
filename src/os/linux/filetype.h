/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <sys/types.h>

#include "fileinfo.h"

/* The type in MODE, st_mode of inode(7). */
enum file_type filetype_of(mode_t mode);

/* The bits of st_mode that mean TYPE; 0 for FILE_OTHER. */
mode_t filetype_bits(enum file_type type);
