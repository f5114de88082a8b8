// SPDX-License-Identifier: Apache-2.0
/** Reads the configuration: TOML files to records, with errors that name file, line, column and key. */
package org.quiesced.config;
