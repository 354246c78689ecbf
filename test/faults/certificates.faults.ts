import { CERTIFICATE_FAULTS } from './certificate-faults';
import { stage } from './stage';

stage(CERTIFICATE_FAULTS);
