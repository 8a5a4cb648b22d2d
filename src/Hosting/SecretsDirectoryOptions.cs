namespace KeysCluster.Hosting;

/// <summary>Configures the folder with a file for each setting.</summary>
internal sealed class SecretsDirectoryOptions
{
    /// <summary>
    /// A folder in which each file is a setting (<c>Hosting:SecretsDirectory</c>): the name of the file is its key,
    /// with <c>__</c> in place of <c>:</c>, and the content is its value. The host reads it again after a change.
    /// A start refuses a file that others can read; the group of the file may. There is no default.
    /// </summary>
    public string? SecretsDirectory { get; set; }
}
