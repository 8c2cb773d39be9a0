export const signIn = {
	logInTitle: 'Log in to tschat',
	registerTitle: 'Register',
	logInLead: 'Good to see you again.',
	registerLead: 'A name and a password, and you are in.',
	name: 'Name',
	password: 'Password',
	showPassword: 'Show password',
	logIn: 'Log in',
	register: 'Register',
	toRegister: 'New here? Register',
	toLogIn: 'Have an account? Log in',
	nameRule: '1 to 20 letters, digits, “_”, “-” or “.”',
	passwordRule: '6 to 128 characters',
	nameMissing: 'Please enter your name.',
	passwordMissing: 'Please enter your password.',
	language: 'Language',
	/** Why the person is here again without having asked for it. */
	endings: {
		revoked: 'You were logged out: this session was ended, or the password was changed, on another device.',
		failed: 'The chat could not go on with your session. Please log in again.',
		untold:
			'You are logged out here, but the server could not be reached to end the session. To be sure, log in again when it can be, and log the session out in the settings.',
	},
} as const;
