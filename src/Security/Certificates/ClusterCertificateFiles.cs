using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace KeysCluster.Security.Certificates;

/// <summary>
/// The certificates in the files of <see cref="ClusterTlsOptions"/>, for a tool that checks them. Processes of the
/// cluster load them themselves.
/// </summary>
public sealed class ClusterCertificateFiles
{
    private readonly LoadedCertificates _certificates;

    private ClusterCertificateFiles(LoadedCertificates certificates) => _certificates = certificates;

    /// <summary>The certificate of this process.</summary>
    public X509Certificate2 Own => _certificates.Own;

    /// <summary>The certificates of the authority.</summary>
    public IReadOnlyList<X509Certificate2> Authority => _certificates.Authority;

    /// <summary>The role that the certificate names; null if it names none, or more than one.</summary>
    public ClusterRole? Role => ClusterRoleUris.FindRole(Own);

    /// <summary>Reads the files.</summary>
    /// <param name="options">The paths, all of which are set.</param>
    /// <exception cref="InvalidOperationException">A file cannot be used; the message says why.</exception>
    public static ClusterCertificateFiles Read(ClusterTlsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!options.IsConfigured) throw new InvalidOperationException("The files are not configured.");
        try
        {
            return new ClusterCertificateFiles(LoadedCertificates.Load(
                File.ReadAllText(options.Certificate!),
                File.ReadAllText(options.Key!),
                File.ReadAllText(options.CertificateAuthority!)));
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new InvalidOperationException(exception.Message, exception);
        }
    }

    /// <summary>Returns why the authority has not issued the certificate of this process; null if it has.</summary>
    /// <param name="at">The time at which the certificates are compared.</param>
    public string? FindChainProblem(DateTimeOffset at) => _certificates.FindChainProblem(Own, at);
}
