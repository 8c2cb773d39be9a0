import { Component, type ReactNode } from 'react';
import { Unreachable } from './unreachable.tsx';

/** What the page shows when a part of it did not come, or failed: a way to begin again instead of nothing. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, { readonly failed: boolean }> {
	override state = { failed: false };

	static getDerivedStateFromError(): { failed: true } {
		return { failed: true };
	}

	override render(): ReactNode {
		return this.state.failed ? <Unreachable /> : this.props.children;
	}
}
