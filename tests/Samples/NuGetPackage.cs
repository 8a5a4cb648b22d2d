using System.IO.Compression;
using System.Text;
using System.Xml.Linq;

namespace KeysCluster.Samples.Tests;

/// <summary>The contents of a package.</summary>
internal sealed class NuGetPackage : IDisposable
{
    private readonly ZipArchive _archive;

    private NuGetPackage(string id, string version, ZipArchive archive) =>
        (Id, Version, _archive) = (id, version, archive);

    public string Id { get; }

    public string Version { get; }

    /// <summary>The files of the package, except those of the container format.</summary>
    public IEnumerable<string> Files => _archive.Entries.Select(entry => entry.FullName).Where(file =>
        file != "[Content_Types].xml"
        && !file.StartsWith("_rels/", StringComparison.Ordinal)
        && !file.StartsWith("package/", StringComparison.Ordinal));

    /// <summary>The elements of the package's metadata.</summary>
    public IReadOnlyList<XElement> Metadata =>
        [.. XDocument.Parse(ReadText($"{Id}.nuspec")).Root!.Elements().Single().Elements()];

    /// <summary>The ids of the packages that this one depends on.</summary>
    public IEnumerable<string> Dependencies => Metadata.Descendants()
        .Where(element => element.Name.LocalName == "dependency")
        .Select(dependency => (string)dependency.Attribute("id")!);

    public static async Task<NuGetPackage> OpenAsync(string folder, string id)
    {
        var file = Directory.GetFiles(folder, $"{id}.*.nupkg").Single();
        var version = Path.GetFileNameWithoutExtension(file)[(id.Length + 1)..];
        return new NuGetPackage(id, version, await ZipFile.OpenReadAsync(file));
    }

    public byte[] ReadBytes(string file)
    {
        using var content = _archive.GetEntry(file)!.Open();
        using var copy = new MemoryStream();
        content.CopyTo(copy);
        return copy.ToArray();
    }

    public string ReadText(string file) => Encoding.UTF8.GetString(ReadBytes(file)).TrimStart('\uFEFF');

    public void Dispose() => _archive.Dispose();
}
