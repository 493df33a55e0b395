import type { Role } from '#client'

/** From most to least. */
export const roles = ['owner', 'editor', 'commenter', 'viewer'] as const satisfies readonly Role[]

/** What a link can give, and everyone can have. */
export const lentRoles = ['editor', 'commenter', 'viewer'] as const
