import { KUBELET_FAULTS } from './kubelet-faults';
import { stage } from './stage';

stage(KUBELET_FAULTS);
