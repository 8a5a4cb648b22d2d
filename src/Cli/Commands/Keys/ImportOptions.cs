using System.CommandLine;
using System.Text.Json;
using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Import;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Parsing;
using KeysCluster.Client;

namespace KeysCluster.Cli.Commands.Keys;

/// <summary>The options that describe a file with keys of another system.</summary>
internal sealed class ImportOptions
{
    private static readonly Dictionary<string, ImportedHashAlgorithm> Algorithms = new()
    {
        ["sha256"] = ImportedHashAlgorithm.Sha256,
        ["sha512"] = ImportedHashAlgorithm.Sha512,
        ["hmac-sha256"] = ImportedHashAlgorithm.HmacSha256,
    };

    private readonly Option<string?> _format = Choice(
        "--format", "The format; that of the extension (.csv, .ndjson or .jsonl) without it.", ["ndjson", "csv"]);

    private readonly Option<string?> _recipe = Choice(
        "--recipe", "The system from which the keys are. It says which columns to read.", ImportRecipe.All.Keys);

    private readonly Option<string[]> _map = CommonOptions.Many(
        "--map",
        "The column of a member, such as hash=key_hash or metadata.team=team; may be repeated. Without a column, the "
        + "member is left out.",
        "member=column");

    private readonly Option<FileInfo?> _mapping = new("--mapping")
    {
        Description = "A file with a JSON object: members with their columns, as for --map.",
        HelpName = "file",
    };

    private readonly Option<string?> _algorithm = Choice(
        "--algorithm", "How the secrets are hashed.", Algorithms.Keys);

    private readonly Option<string?> _encoding = Choice(
        "--encoding", "How the hashes are written; hex by default. Base64 may be that for URLs.", ["hex", "base64"]);

    private readonly Option<string?> _hmacKey = new("--hmac-key")
    {
        Description = "For hmac-sha256, the name of the key in the setting Keys:ImportKeys of the silos.",
        HelpName = "name",
    };

    public void AddTo(Command command)
    {
        command.Add(_format);
        command.Add(_recipe);
        command.Add(_map);
        command.Add(_mapping);
        command.Add(_algorithm);
        command.Add(_encoding);
        command.Add(_hmacKey);
    }

    public ImportFormat GetFormat(CommandRun run, string file) =>
        (run.Get(_format) ?? Path.GetExtension(file).ToUpperInvariant()) switch
        {
            "csv" or ".CSV" => ImportFormat.Csv,
            "ndjson" or ".NDJSON" or ".JSONL" => ImportFormat.Ndjson,
            _ => throw new CliException("The name of the file does not show its format. Pass --format."),
        };

    /// <summary>Returns the mapping of a file with these columns.</summary>
    public ImportMapping GetMapping(CommandRun run, IReadOnlyCollection<string> columns)
    {
        var recipe = run.Get(_recipe) is { } name ? ImportRecipe.All[name] : null;
        var mapping = ImportMapping.Create(columns, recipe, GetChosenColumns(run)) with
        {
            Algorithm = run.Get(_algorithm) is { } algorithm ? Algorithms[algorithm] : recipe?.Algorithm,
            Encoding = run.Get(_encoding) is { } encoding
                ? Enum.Parse<HashEncoding>(encoding, ignoreCase: true)
                : recipe?.Encoding ?? HashEncoding.Hex,
            HmacKey = run.Get(_hmacKey) ?? recipe?.HmacKey,
        };
        if (mapping.Algorithm is null && !mapping.Columns.ContainsKey(ImportMembers.Algorithm))
            throw new CliException("Pass --algorithm, or --map algorithm=COLUMN.");
        if (mapping is { Algorithm: ImportedHashAlgorithm.HmacSha256, HmacKey: null }
            && !mapping.Columns.ContainsKey(ImportMembers.HmacKey))
        {
            throw new CliException("Pass --hmac-key, the name of the key in the setting Keys:ImportKeys of the silos.");
        }

        return mapping;
    }

    private Dictionary<string, string> GetChosenColumns(CommandRun run)
    {
        var chosen = run.Get(_mapping) is { } file ? ReadMapping(file) : [];
        foreach (var text in run.Get(_map) ?? [])
        {
            if (text.Split('=', 2) is not [var member, var column])
                throw new CliException($"'{text}' is not a mapping such as hash=key_hash.");
            chosen[member] = column;
        }

        return chosen;
    }

    private static Dictionary<string, string> ReadMapping(FileInfo file)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(file.FullName))
                ?? throw new JsonException("The file is null.");
        }
        catch (JsonException)
        {
            throw new CliException(
                $"The file {file.FullName} is not a JSON object of members with their columns, such as "
                + """{"hash": "key_hash"}.""");
        }
    }

    private static Option<string?> Choice(string name, string description, IEnumerable<string> values)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = string.Join('|', values) };
        option.AcceptOnlyFromAmong([.. values]);
        return option;
    }
}
