import { createContext, useContext } from 'react';
import type { ChatModel } from './chat-model.ts';

export const ChatContext = createContext<ChatModel | undefined>(undefined);

/** The chat that is shown. Throws outside of its context. */
export const useChat = (): ChatModel => {
	const model = useContext(ChatContext);
	if (model === undefined) throw new Error('outside of ChatContext');
	return model;
};
