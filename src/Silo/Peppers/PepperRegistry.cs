using KeysCluster.Grains.Secrets;
using KeysCluster.Hosting;
using KeysCluster.Silo.Storage;
using Microsoft.Data.Sqlite;

namespace KeysCluster.Silo.Peppers;

/// <summary>
/// The ids of the peppers that a database was written with, in its metadata. They do not reveal the peppers.
/// </summary>
internal sealed class PepperRegistry(DatabaseMetadata metadata)
{
    /// <summary>
    /// The last pepper that became the current one. A build that knows one pepper does not start with another.
    /// </summary>
    private const string LastName = "pepper_id";

    /// <summary>SQLITE_ERROR, the code of statements that SQLite cannot compile.</summary>
    private const int SqliteError = 1;

    /// <summary>Before the id of each pepper that has been the current one.</summary>
    private const string Prefix = "pepper:";

    /// <summary>Returns whether a database that has these settings was written with one of the peppers.</summary>
    /// <param name="settings">The metadata of the database. One that no silo has used has none.</param>
    /// <param name="peppers">The peppers.</param>
    public static bool Knows(IReadOnlyDictionary<string, string> settings, PepperSet peppers)
    {
        var known = settings
            .Where(setting => setting.Key == LastName || setting.Key.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(setting => setting.Value)
            .ToList();
        return known.Count == 0 || peppers.All.Any(pepper => known.Contains(pepper.Id));
    }

    /// <summary>Checks the peppers of a silo that starts, and registers the current one.</summary>
    /// <remarks>With other peppers, the silo could verify nothing.</remarks>
    /// <param name="peppers">The peppers of the silo.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    /// <exception cref="StartupException">The database was written with other peppers only.</exception>
    public async Task EnsureKnownAsync(PepperSet peppers, CancellationToken cancellationToken)
    {
        // The first silo of a database decides; others that start at the same time see its pepper.
        var last = await metadata.GetOrAddAsync(LastName, peppers.Current.Id, cancellationToken);
        await metadata.AddAsync(Prefix + last, last, cancellationToken);
        var known = await metadata.ListAsync(Prefix, cancellationToken);
        if (!IsOneKnown(peppers, known))
        {
            throw new StartupException(
                "Keys:Pepper is not the one that this database was written with, nor is any of Keys:Peppers. Without "
                + "the original pepper, no secret in the database can be validated; restore it.");
        }

        await RegisterAsync(peppers.Current, cancellationToken);
    }

    /// <summary>Returns whether a silo has used the database before. That of another program has no pepper.</summary>
    public async Task<bool> HasPepperAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await metadata.ListAsync(LastName, cancellationToken)).Count > 0;
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == SqliteError)
        {
            // There is no such table.
            return false;
        }
    }

    /// <summary>
    /// Returns whether the database was written with one of the peppers, or with none. Registers nothing.
    /// </summary>
    public async Task<bool> IsKnownAsync(PepperSet peppers, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> known =
        [
            .. await metadata.ListAsync(Prefix, cancellationToken),
            .. await metadata.ListAsync(LastName, cancellationToken),
        ];
        return known.Count == 0 || IsOneKnown(peppers, known);
    }

    /// <summary>Registers a pepper that has become the current one.</summary>
    public async Task RegisterAsync(Pepper current, CancellationToken cancellationToken)
    {
        if (await metadata.AddAsync(Prefix + current.Id, current.Id, cancellationToken))
            await metadata.SetAsync(LastName, current.Id, cancellationToken);
    }

    private static bool IsOneKnown(PepperSet peppers, IReadOnlyList<string> known) =>
        peppers.All.Any(pepper => known.Contains(pepper.Id));
}
