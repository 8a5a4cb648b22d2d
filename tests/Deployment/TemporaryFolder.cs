namespace KeysCluster.Deployment.Tests;

/// <summary>A folder that is deleted afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("keys-deploy-").FullName;

    /// <summary>Copies a file and replaces a text, which the file must contain.</summary>
    public string CreateBrokenCopy(string file, string text, string replacement)
    {
        var content = File.ReadAllText(file);
        Assert.Contains(text, content, StringComparison.Ordinal);
        var copy = Path.Combine(Root, Path.GetFileName(file));
        File.WriteAllText(copy, content.Replace(text, replacement, StringComparison.Ordinal));
        return copy;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
