/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * Is UID root, or the user who runs this process?  A link that they own leads
 * where they want it to lead.
 *
 * A user namespace shows all users that it doesn't map as one user ID.  The
 * system's root is among them, so that ID is trusted too, unless it is also a
 * mapped user of the namespace.
 *
 * user_namespaces(7).
 */
bool owner_is_trusted(uint32_t uid);
