using System.Data.Common;
using System.Globalization;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Hosting;
using KeysCluster.Silo.Peppers;
using KeysCluster.Silo.Storage;

namespace KeysCluster.Silo.Commands;

/// <summary>
/// The command <c>authenticate-states</c>, which adds a MAC under the current pepper to the stored states that have
/// none, or one under another pepper. It can run while silos serve, and again.
/// </summary>
internal static class AuthenticateStatesCommand
{
    private const string Command = "authenticate-states";

    /// <summary>Returns whether the first argument of the command line is this command.</summary>
    public static bool Matches(string[] args) => args is [Command, ..];

    /// <summary>Runs the command. Arguments such as <c>--Keys:DataDirectory=data</c> are settings.</summary>
    /// <returns>The exit code: 0, or 1 if the command failed or a state was altered.</returns>
    public static Task<int> RunAsync(string[] args) => HostRunner.RunAsync(async () =>
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddHostDefaults();
        var options = KeysSiloOptions.Read(builder.Configuration);
        await using var database = CommandDatabase.Open(builder.Configuration, options);
        var ring = new PepperRing(NamedPeppers.Read(builder.Configuration).Set);
        var states = new UnauthenticatedStates(
            database, options.ServiceId, new StateMac(ring, options.ServiceId, isRequired: false));
        try
        {
            var result = await states.AuthenticateAsync(ring.Peppers.Current.Id, CancellationToken.None);
            await Console.Out.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"States that now have a MAC: {result.Added}."));
            if (result.Changed > 0)
            {
                throw new StartupException(string.Create(CultureInfo.InvariantCulture,
                    $"{result.Changed} states were changed at the same time: run the command again."));
            }

            if (result.Altered.Count > 0)
            {
                throw new StartupException(
                    $"These states have an invalid MAC and remain as they are: {string.Join(", ", result.Altered)}.");
            }
        }
        catch (DbException exception)
        {
            throw new StartupException($"The database failed: {exception.Message}", exception);
        }
    });
}
