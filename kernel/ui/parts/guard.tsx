import { Component, type ComponentType, type ReactNode } from 'react';

interface GuardProps {
  readonly children: ReactNode;
  /** What stands there instead; `retry` renders the children anew. */
  readonly Fallback: ComponentType<{ readonly retry: () => void }>;
}

/** Keeps a failure in what it holds to that part: all around it stays. */
export class Guard extends Component<GuardProps, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    const { Fallback } = this.props;
    return <Fallback retry={() => this.setState({ failed: false })} />;
  }
}
