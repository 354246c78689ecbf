import { API_SERVER_FAULTS } from './api-server-faults';
import { stage } from './stage';

stage(API_SERVER_FAULTS);
