/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * Is UID root, or the user who runs this process?  What they own leads nowhere
 * that they don't want.
 *
 * A user namespace shows all users whom it doesn't know as one: root of the
 * system is among them, so that one counts too, unless it is a user of the
 * namespace as well.
 *
 * user_namespaces(7).
 */
bool owner_is_trusted(uint32_t uid);
