using KeysCluster.Projects;

namespace KeysCluster.VirtualKeys;

/// <summary>Tells in-cluster services whether a presented secret is good. May be shared.</summary>
public interface IVirtualKeyValidator
{
    /// <summary>
    /// The verdict on a presented text, as of now. What cannot be a secret is refused without a look-up; the secret
    /// itself never leaves this process.
    /// </summary>
    /// <param name="presented">What the client sent, without any scheme such as <c>Bearer</c>.</param>
    /// <param name="project">When set, a secret of any other project's key is not found.</param>
    /// <returns>
    /// <see cref="Verdict.Unavailable"/> when the verdict could not be found out: refuse, and try again.
    /// </returns>
    ValueTask<Verdict> ValidateAsync(string? presented, ProjectId? project = null);
}
