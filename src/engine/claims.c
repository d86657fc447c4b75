/* SPDX-License-Identifier: BSD-2-Clause */
#include "claims.h"

static bool is_taken(const struct claims *claims, const struct file_info *file)
{
	for (const struct claim *c = claims->first; c; c = c->next)
		if (file_info_same(&c->file, file))
			return true;
	return false;
}

bool claim_take(struct claim *claim, struct claims *claims,
		const struct file_info *file)
{
	bool waited;

	lock_take(&claims->lock);
	waited = is_taken(claims, file);
	while (is_taken(claims, file))
		bell_wait(&claims->bell, &claims->lock);
	*claim = (struct claim){ claims, claims->first, *file };
	claims->first = claim;
	lock_give(&claims->lock);
	return waited;
}

void claim_give(struct claim *claim)
{
	struct claims *claims = claim->claims;
	struct claim **at;

	if (!claims)
		return;
	lock_take(&claims->lock);
	for (at = &claims->first; *at != claim; at = &(*at)->next)
		;
	*at = claim->next;
	bell_ring_all(&claims->bell);
	lock_give(&claims->lock);
	claim->claims = NULL;
}
