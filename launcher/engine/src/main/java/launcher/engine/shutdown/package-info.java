/**
 * What happens to the guests when the host goes down, and when it is back: policy, plan, record,
 * suspend and resume.
 */
@NullMarked
package launcher.engine.shutdown;

import org.jspecify.annotations.NullMarked;
