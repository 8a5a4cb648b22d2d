using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Security.Certificates;

/// <summary>The certificates of this process, which are read again after a change of their files.</summary>
internal sealed partial class ClusterCertificates
{
    private readonly TimeProvider _time;
    private readonly ReloadedFiles<LoadedCertificates> _files;

    /// <exception cref="InvalidOperationException">A file cannot be used; the message names the files.</exception>
    public ClusterCertificates(ClusterTlsOptions options, TimeProvider time, ILogger<ClusterCertificates> logger)
    {
        _time = time;
        try
        {
            _files = new(
                [options.Certificate!, options.Key!, options.CertificateAuthority!],
                content => LoadedCertificates.Load(content[0], content[1], content[2]),
                time,
                privateFile: options.Key)
            {
                Reloaded = certificates => LogReloaded(logger, certificates.Own.NotAfter.ToUniversalTime()),
                ReloadFailed = reason => LogReloadFailed(logger, reason),
            };
        }
        catch (InvalidOperationException exception)
        {
            throw new InvalidOperationException($"Cluster:Tls cannot be used: {exception.Message}", exception);
        }
    }

    /// <summary>The certificate that this process presents.</summary>
    public X509Certificate2 Own => _files.Current.Own;

    /// <summary>Returns the role that a certificate proves; null if it proves none.</summary>
    public ClusterRole? FindRole(X509Certificate2 certificate) =>
        _files.Current.FindRole(certificate, _time.GetUtcNow());
}
