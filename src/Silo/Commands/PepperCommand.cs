using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using KeysCluster.Grains.Secrets;
using KeysCluster.Hosting;
using KeysCluster.Silo.Peppers;
using KeysCluster.Silo.Storage;

namespace KeysCluster.Silo.Commands;

/// <summary>
/// The commands <c>pepper new [name]</c>, which prints a new pepper and its setting, and <c>pepper status [name]</c>,
/// which prints what in the database depends on each pepper, or on one of them. They change nothing.
/// </summary>
internal static class PepperCommand
{
    private const string Command = "pepper";

    /// <summary>Returns whether the first argument of the command line is this command.</summary>
    public static bool Matches(string[] args) => args is [Command, ..];

    /// <summary>Runs the command. Arguments such as <c>--Keys:DataDirectory=data</c> are settings.</summary>
    /// <returns>The exit code: 0, or 1 if the command failed.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var words = args.TakeWhile(arg => !arg.StartsWith('-')).ToList();
        switch (words)
        {
            case [_, "new"]:
                return PrintNew(TimeProvider.System.GetUtcNow().ToString("yyyyMMdd", CultureInfo.InvariantCulture));
            case [_, "new", var name] when SettingName.IsValid(name):
                return PrintNew(name);
            case [_, "status"] or [_, "status", _]:
                return await HostRunner.RunAsync(() => PrintStatusAsync(args, words.ElementAtOrDefault(2)));
            default:
                await Console.Error.WriteLineAsync(
                    $"Usage: {Command} new [name], or {Command} status [name]. The name has {SettingName.Rule}.");
                return 1;
        }
    }

    private static int PrintNew(string name)
    {
        var pepper = Convert.ToBase64String(RandomNumberGenerator.GetBytes(Pepper.MinLength));
        Console.WriteLine($$$"""
            Pepper   {{{pepper}}}
                     Shown this once. Keep a copy, apart from the backups of the database.
            Name     {{{name}}}

            Add it to every silo, in one of these ways:

              a file in Hosting:SecretsDirectory   Keys__Peppers__{{{name}}}, with the pepper as its content
              an environment variable              Keys__Peppers__{{{name}}}, with the pepper as its value

            When every silo has it, make it the current one on every silo: Keys:CurrentPepper={{{name}}}.
            Files apply without a restart. docs/operations.md has the procedure, "Rotate the pepper".
            """);
        return 0;
    }

    private static async Task PrintStatusAsync(string[] args, string? name)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddHostDefaults();
        var options = KeysSiloOptions.Read(builder.Configuration);
        await using var database = CommandDatabase.Open(builder.Configuration, options);
        var peppers = NamedPeppers.Read(builder.Configuration);
        var status = new PepperStatus(peppers, TimeProvider.System.GetUtcNow());
        try
        {
            await status.ReadAsync(new StoredStates(database, options.ServiceId), name, CancellationToken.None);
        }
        catch (DbException exception)
        {
            throw new StartupException($"The database cannot be read: {exception.Message}", exception);
        }

        await Console.Out.WriteLineAsync(status.Format());
    }
}
