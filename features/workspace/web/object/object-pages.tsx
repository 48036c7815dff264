import { useContext, type ReactElement } from 'react';
import { Link } from 'wouter';
import { ObjectPagesContext } from '@krateyard/ui/page/object-pages';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import type { FollowedObject } from './use-object.ts';

/** Where rooms show this object as what it is for people. */
export function ObjectPages({ followed }: { readonly followed: FollowedObject }): ReactElement | null {
  const pagesOf = useContext(ObjectPagesContext);
  const { head, object } = followed;
  if (!head || !object) return null;
  return (
    <>
      {pagesOf(head.kind, object).map(({ title, icon, path }) => (
        <Link key={path} href={path} className="object-elsewhere">
          <Icon name={icon} />
          <span className="clip">{title}</span>
        </Link>
      ))}
    </>
  );
}
