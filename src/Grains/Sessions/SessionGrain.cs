using System.Security.Cryptography;
using KeysCluster.Grains.Storage;
using KeysCluster.Sessions;
using KeysCluster.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Sessions;

/// <summary>A session of the console. The rules are in <see cref="SessionRules"/>.</summary>
[GrainType("console-session"), CollectionAgeLimit(Minutes = 5)]
internal sealed partial class SessionGrain(
    [PersistentState(StorageNames.ConsoleSession, StorageNames.Provider)] IPersistentState<SessionState> session,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<SessionGrain> logger) : Grain, ISessionGrain, IRemindable
{
    private const string Reminder = "end-session";
    private const int TokenBytes = 16;

    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromHours(1);

    private string Key => this.GetPrimaryKeyString();

    private SessionState? State =>
        session.RecordExists && session.State is { } state && state.Id == Key ? state : null;

    public async Task Start(StartSessionCommand command)
    {
        if (State is not null) return;

        // The reminder is first: a session that is never used again must not stay in the database.
        await ChangeAsync(() => this.RegisterOrUpdateReminder(
            Reminder, SessionLimits.MaxAge + TimeSpan.FromMinutes(1), ReminderPeriod));
        await WriteAsync(SessionRules.Start(Key, command, time.GetUtcNow()));
    }

    public async Task<SessionUse> Use(Sha256Digest token)
    {
        if (State is not { } state) return new SessionUse(null, null);
        var decision = SessionRules.Use(
            state, token, RandomNumberGenerator.GetBytes(TokenBytes), time.GetUtcNow());
        if (decision.Outcome != SessionOutcome.Accepted)
        {
            if (decision.Outcome == SessionOutcome.Reused) LogReused(logger);
            await EndAsync();
            return new SessionUse(null, null);
        }

        if (decision.State != state) await WriteAsync(decision.State);
        return new SessionUse(decision.State.Credential, decision.State.NextToken);
    }

    public async Task End(Sha256Digest token)
    {
        // Only the holder of a token knows the grain key, so the token is not compared: a replaced one ends it, too.
        if (State is not null) await EndAsync();
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => EndAsync();

    private async Task EndAsync()
    {
        if (session.RecordExists) await ChangeAsync(session.ClearStateAsync);
        await ChangeAsync(async () =>
        {
            if (await this.GetReminder(Reminder) is { } reminder) await this.UnregisterReminder(reminder);
        });
        DeactivateOnIdle();
    }

    private Task WriteAsync(SessionState state)
    {
        session.State = state;
        return ChangeAsync(session.WriteStateAsync);
    }

    /// <summary>After a failed write the stored state is unknown: the next activation reads it.</summary>
    private async Task ChangeAsync(Func<Task> writeAsync)
    {
        try
        {
            await writeAsync();
        }
        catch (Exception exception) when (exception is not StorageUnavailableException)
        {
            DeactivateOnIdle();
            throw new StorageUnavailableException();
        }
    }
}
