using System.Net;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Validation;

/// <summary>Validates secrets of virtual keys for in-cluster services. Thread-safe.</summary>
public interface IVirtualKeyValidator
{
    /// <summary>
    /// Returns the verdict on a presented text, as of now. A text that is not in the format of a secret is refused
    /// without a lookup. The secret does not leave this process.
    /// </summary>
    /// <param name="presented">The text that the client sent, without a scheme such as <c>Bearer</c>.</param>
    /// <param name="project">When set, a secret of any other project's key is not found.</param>
    /// <param name="permissions">
    /// The permissions that the use requires, such as <c>chat:write</c>; null or empty for none. When the key lacks
    /// one, the verdict names it (<see cref="VerdictCode.InsufficientPermissions"/>).
    /// </param>
    /// <param name="address">
    /// The address of the client. A key that may be used only from certain addresses is refused when it is null.
    /// </param>
    /// <returns>
    /// <see cref="Verdict.Unavailable"/> when validity cannot be determined now: refuse the request and retry.
    /// </returns>
    ValueTask<Verdict> ValidateAsync(
        string? presented,
        ProjectId? project = null,
        IReadOnlyList<string>? permissions = null,
        IPAddress? address = null);
}
