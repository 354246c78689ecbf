import { CLIENT_FAULTS } from './client-faults';
import { stage } from './stage';

stage(CLIENT_FAULTS);
