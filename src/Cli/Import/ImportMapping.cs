using KeysCluster.Cli.Errors;
using KeysCluster.Client;

namespace KeysCluster.Cli.Import;

/// <summary>Which column has which member of a key, and how the secrets are hashed.</summary>
internal sealed record ImportMapping
{
    private ImportMapping(IReadOnlyDictionary<string, string[]> columns) => Columns = columns;

    /// <summary>The columns of each member. The first one with a value counts.</summary>
    public IReadOnlyDictionary<string, string[]> Columns { get; }

    /// <summary>The algorithm of rows without one; null if each must have one.</summary>
    public ImportedHashAlgorithm? Algorithm { get; init; }

    /// <summary>The encoding of rows without one.</summary>
    public HashEncoding Encoding { get; init; }

    /// <summary>The HMAC key of rows without one.</summary>
    public string? HmacKey { get; init; }

    /// <summary>Creates the mapping of a file.</summary>
    /// <param name="known">The columns of the file.</param>
    /// <param name="recipe">The system from which it is; null if columns have the names of members.</param>
    /// <param name="chosen">The columns that the user chose for members; empty for none.</param>
    /// <exception cref="CliException">A member is unknown, or a column is missing.</exception>
    public static ImportMapping Create(
        IReadOnlyCollection<string> known, ImportRecipe? recipe, IReadOnlyDictionary<string, string> chosen)
    {
        if (chosen.Keys.FirstOrDefault(member => !ImportMembers.IsKnown(member)) is { } unknown)
        {
            throw new CliException(
                $"'{unknown}' is not a member of a key. The members are: {string.Join(", ", ImportMembers.All)}, and "
                + "metadata.KEY.");
        }

        var columns = recipe is null
            ? known.Where(ImportMembers.IsKnown).ToDictionary(column => column, column => new[] { column })
            : recipe.Columns
                .ToDictionary(entry => entry.Key, entry => entry.Value.Where(known.Contains).ToArray())
                .Where(entry => entry.Value.Length > 0)
                .ToDictionary();
        foreach (var (member, column) in chosen)
        {
            if (column.Length == 0) columns.Remove(member);
            else columns[member] = [column];
        }

        var missing = columns.Values.SelectMany(names => names).Where(name => !known.Contains(name))
            .Concat((recipe?.Required ?? [])
                .Where(member => !columns.ContainsKey(member) && !chosen.ContainsKey(member))
                .Select(member => string.Join(" or ", recipe!.Columns[member])))
            .Distinct()
            .ToList();
        if (missing.Count > 0)
        {
            throw new CliException(
                $"The file has no column {string.Join(", ", missing)}. Its columns are: {string.Join(", ", known)}.");
        }

        if (!columns.ContainsKey(ImportMembers.Hash))
        {
            throw new CliException(
                $"Pass --map hash=COLUMN. The columns of the file are: {string.Join(", ", known)}.");
        }

        return new ImportMapping(columns);
    }

    /// <summary>Returns the mapping as a person would write it.</summary>
    public override string ToString() =>
        string.Join(", ", Columns.Select(entry => $"{entry.Key}={string.Join('|', entry.Value)}"));
}
