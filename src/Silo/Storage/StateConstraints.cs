using System.Data.Common;
using KeysCluster.Grains.Storage;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace KeysCluster.Silo.Storage;

/// <summary>Recognizes the errors by which the database enforces rules that concern several states.</summary>
internal static class StateConstraints
{
    /// <summary>The error code of the trigger on PostgreSQL.</summary>
    private const string TooManyVirtualKeysState = "KC001";

    private const string TooManyVirtualKeys = "too_many_virtual_keys";
    private const string ExternalIdIndex = "ux_keysvirtualkey_externalid";
    private const string ExternalIdColumn = "KeysVirtualKey.ExternalId";
    private const string ImportedSecretIndex = "keysimportedsecret_pkey";
    private const string ImportedSecretColumn = "KeysImportedSecret.Hash";

    /// <summary>SQLITE_CONSTRAINT.</summary>
    private const int SqliteConstraint = 19;

    /// <summary>Runs a write, and throws the exception for the rule that it violates.</summary>
    /// <exception cref="StateConstraintException">It violates a rule.</exception>
    public static async Task ExecuteAsync(Func<Task> writeAsync)
    {
        try
        {
            await writeAsync();
        }
        catch (DbException exception) when (FindOutcome(exception) is { } outcome)
        {
            throw new StateConstraintException(outcome);
        }
    }

    private static ChangeOutcome? FindOutcome(DbException exception) => exception switch
    {
        PostgresException { SqlState: TooManyVirtualKeysState } => ChangeOutcome.TooManyVirtualKeys,
        PostgresException { ConstraintName: ExternalIdIndex } => ChangeOutcome.ExternalIdTaken,
        PostgresException { ConstraintName: ImportedSecretIndex } => ChangeOutcome.SecretTaken,
        SqliteException { SqliteErrorCode: SqliteConstraint } sqlite => FindOutcome(sqlite.Message),
        _ => null,
    };

    private static ChangeOutcome? FindOutcome(string message)
    {
        if (message.Contains(TooManyVirtualKeys, StringComparison.Ordinal)) return ChangeOutcome.TooManyVirtualKeys;
        if (message.Contains(ImportedSecretColumn, StringComparison.Ordinal)) return ChangeOutcome.SecretTaken;
        return message.Contains(ExternalIdColumn, StringComparison.Ordinal) ? ChangeOutcome.ExternalIdTaken : null;
    }
}
