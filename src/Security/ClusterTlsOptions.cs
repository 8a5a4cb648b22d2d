using KeysCluster.Files;

namespace KeysCluster.Security;

/// <summary>
/// Configures mutual TLS between the processes of a cluster (the section Cluster:Tls). All three files are required.
/// They are read again after a change, and new connections use the new certificate.
/// </summary>
public sealed class ClusterTlsOptions
{
    /// <summary>
    /// The path of the certificate of this process, in PEM (<c>Cluster:Tls:Certificate</c>). Its subject alternative
    /// names contain the URI of a <see cref="ClusterRole"/>.
    /// </summary>
    public string? Certificate { get; set; }

    /// <summary>The path of its private key, in PEM without a password (<c>Cluster:Tls:Key</c>).</summary>
    public string? Key { get; set; }

    /// <summary>
    /// The path of the certificates of the cluster's own certificate authority, in PEM
    /// (<c>Cluster:Tls:CertificateAuthority</c>). It contains the root certificates that are trusted, of which there
    /// are two while the authority is replaced, and any intermediate ones. No other authority is trusted.
    /// </summary>
    public string? CertificateAuthority { get; set; }

    /// <summary>Whether the files are configured.</summary>
    public bool IsConfigured => Settings.All(setting => setting.Path is not null);

    private (string Name, string? Path)[] Settings =>
    [
        ("Cluster:Tls:Certificate", Certificate),
        ("Cluster:Tls:Key", Key),
        ("Cluster:Tls:CertificateAuthority", CertificateAuthority),
    ];

    /// <summary>
    /// Returns a message that names what is wrong with the settings: some are missing, a file does not exist, or
    /// others can read the key. Null if all or none of them are set.
    /// </summary>
    public string? FindProblem()
    {
        if (Settings.All(setting => setting.Path is null)) return null;
        foreach (var (name, path) in Settings)
        {
            if (path is null) return $"{name} is missing: TLS needs all settings of Cluster:Tls.";
            if (!File.Exists(path)) return $"{name} names a file that does not exist or cannot be read: {path}";
        }

        return SecretFile.FindProblem(Key!, isGroupReader: true);
    }
}
