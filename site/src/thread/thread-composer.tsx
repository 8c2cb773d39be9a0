import { useTranslation } from 'react-i18next';
import type { ConversationKey } from 'tschat/client';
import { useStore } from 'zustand';
import { useChat } from '../chat/use-chat.ts';
import { Composer } from '../composer/composer.tsx';
import { usePreferences } from '../preferences/preferences.ts';

/** Where one writes, with what one had begun to write here. */
export const ThreadComposer = ({ conv, title }: { readonly conv: ConversationKey; readonly title: string }) => {
	const { t } = useTranslation();
	const model = useChat();
	const draft = useStore(model.drafts.store, (drafts) => drafts[conv] ?? '');
	const enterSends = usePreferences((preferences) => preferences.enterSends);
	return (
		<Composer
			label={t('thread.messageTo', { title })}
			draft={draft}
			enterSends={enterSends}
			focusKey={conv}
			onDraft={(text) => model.drafts.write(conv, text)}
			onSend={(body) => model.send(conv, body)}
			onTyping={() => model.chat.conversation(conv).typing()}
		/>
	);
};
