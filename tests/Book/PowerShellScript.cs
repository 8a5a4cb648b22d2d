using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace KeysCluster.Book.Tests;

/// <summary>Runs PowerShell in this process: Debian and Ubuntu have no package of the program.</summary>
internal static class PowerShellScript
{
    /// <summary>Runs a script, which ends at its first error.</summary>
    /// <returns>The output, as the screen shows it.</returns>
    public static async Task<string> RunAsync(
        string script, IReadOnlyDictionary<string, string?> environment, string folder)
    {
        // The environment is that of the process. Restoring it keeps the search path of other tests.
        var previous = environment.Keys.ToDictionary(name => name, Environment.GetEnvironmentVariable);
        foreach (var (name, value) in environment) Environment.SetEnvironmentVariable(name, value);
        try
        {
            using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
            runspace.Open();
            runspace.SessionStateProxy.Path.SetLocation(folder);
            using var shell = PowerShell.Create(runspace);
            var output = await shell
                .AddScript($"$ErrorActionPreference = 'Stop'\n& {{\n{script}\n}} | Out-String -Stream")
                .InvokeAsync();
            return string.Join('\n', output);
        }
        finally
        {
            foreach (var (name, value) in previous) Environment.SetEnvironmentVariable(name, value);
        }
    }
}
