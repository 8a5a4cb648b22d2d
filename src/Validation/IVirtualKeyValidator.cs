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

    /// <summary>
    /// Returns the verdict on a presented text if that needs no call: the secret is valid and cached, or certainly
    /// invalid, as a malformed text is. It counts as a use of the key. The parameters are those of
    /// <see cref="ValidateAsync"/>.
    /// </summary>
    /// <param name="presented">The text that the client sent.</param>
    /// <param name="verdict">The verdict; <see cref="Verdict.Unavailable"/> if the result is false.</param>
    /// <param name="project">When set, a secret of any other project's key is not found.</param>
    /// <param name="permissions">The permissions that the use requires; null or empty for none.</param>
    /// <param name="address">The address of the client.</param>
    /// <returns>Whether there is a verdict. If not, call <see cref="ValidateAsync"/>.</returns>
    bool TryValidateFromCache(
        string? presented,
        out Verdict verdict,
        ProjectId? project = null,
        IReadOnlyList<string>? permissions = null,
        IPAddress? address = null)
    {
        verdict = Verdict.Unavailable;
        return false;
    }
}
