using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Security.Certificates;

/// <summary>
/// The certificates of this process, read from files. A change of the files takes effect at the first connection after
/// <see cref="CheckInterval"/>. Files that cannot be used are logged, and the previous ones remain in effect: an
/// authority replaces the certificate and its key one after the other.
/// </summary>
internal sealed partial class ClusterCertificates
{
    /// <summary>How often the files are compared with what was read.</summary>
    public static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(5);

    private readonly ClusterTlsOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ClusterCertificates> _logger;
    private readonly Lock _gate = new();
    private (string Certificate, string Key, string Authority) _content;
    private LoadedCertificates _current;
    private long _checkedAt;

    /// <exception cref="InvalidOperationException">A file cannot be used; the message names the files.</exception>
    public ClusterCertificates(ClusterTlsOptions options, TimeProvider time, ILogger<ClusterCertificates> logger)
    {
        (_options, _time, _logger) = (options, time, logger);
        _checkedAt = time.GetTimestamp();
        try
        {
            _content = ReadFiles();
            _current = LoadedCertificates.Load(_content.Certificate, _content.Key, _content.Authority);
        }
        catch (Exception exception) when (IsFileProblem(exception))
        {
            throw new InvalidOperationException(
                $"Cluster:Tls cannot be used: {exception.Message} Files: {options.Certificate}, {options.Key}, "
                + $"{options.CertificateAuthority}.",
                exception);
        }
    }

    /// <summary>The certificate that this process presents.</summary>
    public X509Certificate2 Own => Refresh().Own;

    /// <summary>Returns the role that a certificate proves; null if it proves none.</summary>
    public ClusterRole? FindProvenRole(X509Certificate2 certificate) =>
        Refresh().FindProvenRole(certificate, _time.GetUtcNow());

    private static bool IsFileProblem(Exception exception) => exception
        is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;

    private LoadedCertificates Refresh()
    {
        lock (_gate)
        {
            if (_time.GetElapsedTime(_checkedAt) < CheckInterval) return _current;
            _checkedAt = _time.GetTimestamp();
            try
            {
                var content = ReadFiles();
                if (content == _content) return _current;
                _current = LoadedCertificates.Load(content.Certificate, content.Key, content.Authority);
                _content = content;
                LogReloaded(_logger, _current.Own.NotAfter.ToUniversalTime());
            }
            catch (Exception exception) when (IsFileProblem(exception))
            {
                LogReloadFailed(_logger, exception.Message);
            }

            return _current;
        }
    }

    private (string Certificate, string Key, string Authority) ReadFiles() => (
        File.ReadAllText(_options.Certificate!),
        File.ReadAllText(_options.Key!),
        File.ReadAllText(_options.CertificateAuthority!));
}
