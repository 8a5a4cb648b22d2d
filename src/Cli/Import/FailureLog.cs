using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace KeysCluster.Cli.Import;

/// <summary>Writes failures to a file as NDJSON, and keeps the first ones for the terminal.</summary>
internal sealed class FailureLog(FileStream? file) : IDisposable
{
    private const int MaxFirst = 10;

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly List<ImportFailure> _first = [];

    public IReadOnlyList<ImportFailure> First => _first;

    /// <summary>The path of the file; null if there is none.</summary>
    public string? FilePath => file?.Name;

    public void Add(ImportFailure failure)
    {
        if (_first.Count < MaxFirst) _first.Add(failure);
        if (file is null) return;
        JsonSerializer.Serialize(file, failure, Options);
        file.WriteByte((byte)'\n');
    }

    /// <summary>Closes the file, and deletes one without failures.</summary>
    public void Dispose()
    {
        file?.Dispose();
        if (file is not null && _first.Count == 0) File.Delete(file.Name);
    }
}
