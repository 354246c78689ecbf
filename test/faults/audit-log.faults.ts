import { AUDIT_FAULTS } from './audit-faults';
import { stage } from './stage';

stage(AUDIT_FAULTS);
