import { Component, type ReactNode } from 'react';

/** An object of a shape that nobody foresaw shows as the generic summary does, and the page stays. */
export class SummaryGuard extends Component<
  { readonly children: ReactNode; readonly fallback: ReactNode },
  { readonly failed: boolean }
> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.fallback : this.props.children;
  }
}
