const form = document.querySelector('#sign-in-form');
const page = document.querySelector('#sign-in');
const problem = document.querySelector('#sign-in-error');
const buttons = form.querySelectorAll('button');

/** Shows the log-in form, with a reason why, until someone is signed in; then that session `{token, id, name}`. */
export const signIn = (api, reason = '') =>
	new Promise((resolve) => {
		page.hidden = false;
		problem.textContent = reason;
		form.elements.userName.focus();

		const attempt = async (path) => {
			if (!form.reportValidity()) return;
			problem.textContent = '';
			for (const button of buttons) button.disabled = true;
			try {
				const { userName, passWord } = Object.fromEntries(new FormData(form));
				const token = await api.post(path, { userName, passWord });
				const user = await api.post('/user/checkAuth', { authToken: token });
				form.reset();
				page.hidden = true;
				resolve({ token, id: String(user.userId), name: user.userName });
			} catch (error) {
				problem.textContent = error.message;
			} finally {
				for (const button of buttons) button.disabled = false;
			}
		};
		form.onsubmit = (event) => {
			event.preventDefault();
			attempt('/user/login');
		};
		document.querySelector('#register').onclick = () => attempt('/user/register');
	});
