import { REVIEW_FAULTS } from './review-faults';
import { stage } from './stage';

stage(REVIEW_FAULTS);
